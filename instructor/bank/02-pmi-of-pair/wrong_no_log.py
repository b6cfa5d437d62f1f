"""로그를 취하지 않음: 배수를 돌려줌"""
def pmi_of_pair(counts, i, j):
    return counts[i, j] * counts.sum() / (counts[i].sum() * counts[:, j].sum())
