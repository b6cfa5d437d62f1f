"""자연로그가 아니라 밑이 2인 로그"""
def pmi_of_pair(counts, i, j):
    if counts[i, j] == 0:
        return -np.inf
    return np.log2(counts[i, j] * counts.sum() / (counts[i].sum() * counts[:, j].sum()))
