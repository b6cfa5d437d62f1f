"""비율이 아니라 비율의 로그를 돌려줌"""
def probability_ratio(counts, i, j, k):
    given_j = counts[j, k] / counts[j].sum()
    return np.log(counts[i, k] / counts[i].sum() / given_j) if given_j else np.inf
