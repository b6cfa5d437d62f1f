"""열의 합 대신 행의 합을 두 번 씀"""
def pmi_of_pair(counts, i, j):
    if counts[i, j] == 0:
        return -np.inf
    return np.log(counts[i, j] * counts.sum() / (counts[i].sum() * counts[j].sum()))
