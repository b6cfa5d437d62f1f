"""더 먼 부정이 없을 때 가장 가까운 부정을 고름"""
def semi_hard_negative(D, labels, a, p):
    others = np.flatnonzero(labels != labels[a])
    farther = others[D[a, others] > D[a, p]]
    return int(farther[np.argmin(D[a, farther])]) if len(farther) else int(others[np.argmin(D[a, others])])
