"""세 확률을 따로 계산"""
def pmi_of_pair(counts, i, j):
    N = np.sum(counts)
    p_pair = counts[i][j] / N
    p_i = np.sum(counts, axis=1)[i] / N
    p_j = np.sum(counts, axis=0)[j] / N
    if p_pair == 0:
        return -np.inf
    return np.log(p_pair / (p_i * p_j))
