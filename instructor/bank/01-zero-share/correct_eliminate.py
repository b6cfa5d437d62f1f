"""복사본에서 저장된 0을 지운 뒤 nnz"""
def zero_share(counts):
    clean = counts.copy()
    clean.eliminate_zeros()
    return 1 - clean.nnz / np.prod(clean.shape)
