"""나란한 벡터이면 a에 머무름"""
def slerp(a, b, t):
    t = np.asarray(t)[:, None]
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    angle = np.arccos(np.clip(a @ b / (la * lb), -1, 1))
    if np.sin(angle) < 1e-6:
        return np.repeat(a[None], len(t), axis=0)
    return ((1 - t) * la + t * lb) * (np.sin((1 - t) * angle) * a / la + np.sin(t * angle) * b / lb) / np.sin(angle)
