"""저장된 0을 0이 아닌 칸으로 셈 (nnz)"""
def zero_share(counts):
    return 1 - counts.nnz / (counts.shape[0] * counts.shape[1])
