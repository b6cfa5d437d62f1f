"""아닌 것을 무한대로 바꾸고 argmin"""
def semi_hard_negative(D, labels, a, p):
    negative = labels != labels[a]
    candidates = np.where(negative & (D[a] > D[a, p]), D[a], np.inf)
    if np.isfinite(candidates).any():
        return int(candidates.argmin())
    return int(np.where(negative, D[a], -np.inf).argmax())
