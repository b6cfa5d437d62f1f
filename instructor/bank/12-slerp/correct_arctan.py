"""각을 arctan2로, 나란한 경우를 먼저 돌려보냄"""
def slerp(a, b, t):
    t = np.asarray(t)[:, None]
    la, lb = np.linalg.norm(a), np.linalg.norm(b)
    ua, ub = a / la, b / lb
    angle = 2 * np.arctan2(np.linalg.norm(ua - ub), np.linalg.norm(ua + ub))
    if abs(np.sin(angle)) < 1e-6:
        return (1 - t) * a + t * b
    return ((1 - t) * la + t * lb) * (np.sin((1 - t) * angle) * ua + np.sin(t * angle) * ub) / np.sin(angle)
