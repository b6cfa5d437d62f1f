"""나란한 벡터에서 sin Ω = 0으로 나눔"""
def slerp(a, b, t):
    t = np.asarray(t)[:, None]
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    angle = np.arccos(np.clip(a @ b / (la * lb), -1, 1))
    way = np.sin((1 - t) * angle) / np.sin(angle) * (a / la) + np.sin(t * angle) / np.sin(angle) * (b / lb)
    return ((1 - t) * la + t * lb) * way
