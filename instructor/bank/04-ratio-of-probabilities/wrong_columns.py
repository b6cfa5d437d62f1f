"""행이 아니라 열의 합으로 나눔: P(i|k)의 비율이 됨"""
def probability_ratio(counts, i, j, k):
    given_i = counts[i, k] / counts[:, i].sum()
    given_j = counts[j, k] / counts[:, j].sum()
    return given_i / given_j if given_j else np.inf
