"""a의 방향을 b 쪽의 직교 방향으로 돌림: cos·u + sin·v"""
def slerp(a, b, t):
    t = np.asarray(t)
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    u = a / length_a
    w = b / length_b
    side = w - (w @ u) * u
    if np.linalg.norm(side) < 1e-6:
        return np.outer(1 - t, a) + np.outer(t, b)
    angle = np.arccos(np.clip(w @ u, -1, 1))
    v = side / np.linalg.norm(side)
    rows = [((1 - s) * length_a + s * length_b) * (np.cos(s * angle) * u + np.sin(s * angle) * v) for s in t]
    return np.array(rows)
