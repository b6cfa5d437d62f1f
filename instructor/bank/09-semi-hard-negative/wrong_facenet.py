"""더 먼 부정이 없으면 −1을 돌려줌: FaceNet처럼 그 쌍을 건너뛰는 정의"""
def semi_hard_negative(D, labels, a, p):
    others = np.flatnonzero(labels != labels[a])
    farther = others[D[a, others] > D[a, p]]
    return int(farther[np.argmin(D[a, farther])]) if len(farther) else -1
