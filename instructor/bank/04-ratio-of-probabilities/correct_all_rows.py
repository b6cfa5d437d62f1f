"""모든 행을 확률로 바꾼 뒤 두 칸을 나눔"""
def probability_ratio(counts, i, j, k):
    P = counts / counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        return np.inf if P[j, k] == 0 else np.exp(np.log(P[i, k]) - np.log(P[j, k]))
