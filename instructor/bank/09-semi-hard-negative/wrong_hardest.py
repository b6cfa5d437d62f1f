"""가장 가까운(가장 어려운) 부정을 고름"""
def semi_hard_negative(D, labels, a, p):
    others = np.flatnonzero(labels != labels[a])
    return int(others[np.argmin(D[a, others])])
