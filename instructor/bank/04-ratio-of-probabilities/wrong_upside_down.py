"""비율을 거꾸로 나눔: P(k|j) / P(k|i)"""
def probability_ratio(counts, i, j, k):
    given_i, given_j = counts[i, k] / counts[i].sum(), counts[j, k] / counts[j].sum()
    return given_j / given_i if given_i else np.inf
