"""data 배열에서 0이 아닌 것을 셈"""
def zero_share(counts):
    total = counts.shape[0] * counts.shape[1]
    return (total - np.count_nonzero(counts.data)) / total
