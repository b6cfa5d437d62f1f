"""레이블을 보지 않고 긍정보다 먼 글 가운데 가장 가까운 것을 고름"""
def semi_hard_negative(D, labels, a, p):
    farther = np.flatnonzero(D[a] > D[a, p])
    return int(farther[np.argmin(D[a, farther])]) if len(farther) else int(np.argmax(np.where(labels != labels[a], D[a], -1)))
