"""언제나 가장 먼 부정을 고름"""
def semi_hard_negative(D, labels, a, p):
    others = np.flatnonzero(labels != labels[a])
    return int(others[np.argmax(D[a, others])])
