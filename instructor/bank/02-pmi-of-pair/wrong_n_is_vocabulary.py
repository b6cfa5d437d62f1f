"""N을 낱말의 수(행의 수)로 셈"""
def pmi_of_pair(counts, i, j):
    if counts[i, j] == 0:
        return -np.inf
    return np.log(counts[i, j] * len(counts) / (counts[i].sum() * counts[:, j].sum()))
