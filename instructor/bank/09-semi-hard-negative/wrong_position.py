"""전체의 번호가 아니라 부정끼리의 번호를 돌려줌"""
def semi_hard_negative(D, labels, a, p):
    to_negatives = D[a, labels != labels[a]]
    beyond = np.where(to_negatives > D[a, p], to_negatives, np.inf)
    return int(beyond.argmin()) if np.isfinite(beyond).any() else int(to_negatives.argmax())
