"""행렬이 언제나 정사각형이라고 생각함"""
def zero_share(counts):
    return 1 - counts.count_nonzero() / counts.shape[0] ** 2
