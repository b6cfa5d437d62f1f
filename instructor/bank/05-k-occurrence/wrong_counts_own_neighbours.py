"""뽑힌 횟수가 아니라 뽑은 수를 셈: 언제나 k"""
def k_occurrence(vectors, k):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    return np.array([len(np.argsort(-row)[:k]) for row in cosines])
