"""세 기울기의 합이 0이라는 것을 이용함"""
def triplet_gradients(a, p, n, margin):
    on = float(np.dot(a - p, a - p) - np.dot(a - n, a - n) + margin > 0)
    for_p, for_n = -2 * on * (a - p), 2 * on * (a - n)
    return -(for_p + for_n), for_p, for_n
