"""비율(0~1)이 아니라 퍼센트를 돌려줌"""
def zero_share(counts):
    return 100 * (1 - counts.count_nonzero() / (counts.shape[0] * counts.shape[1]))
