"""길이로 나누지 않은 내적을 코사인으로 씀"""
def slerp(a, b, t):
    t = np.asarray(t)[:, None]
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    angle = np.arccos(np.clip(a @ b, -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * a + t * b
    return ((1 - t) * la + t * lb) * (np.sin((1 - t) * angle) * a / la + np.sin(t * angle) * b / lb) / np.sin(angle)
