"""직선을 긋고 길이만 고름: 각이 고르게 나뉘지 않음"""
def slerp(a, b, t):
    t = np.asarray(t)[:, None]
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    points = (1 - t) * a / la + t * b / lb
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    norms[norms == 0] = 1
    return ((1 - t) * la + t * lb) * points / norms
