"""로그의 차로, log 0은 numpy에 맡김"""
def pmi_of_pair(counts, i, j):
    with np.errstate(divide="ignore"):
        return np.log(counts[i, j]) + np.log(counts.sum()) - np.log(counts[i, :].sum()) - np.log(counts[:, j].sum())
