"""중간의 점을 길이 1로 맞춤(구 위의 보간과 혼동)"""
def lerp(a, b, t):
    t = np.asarray(t)[:, None]
    points = (1 - t) * a + t * b
    return points / np.linalg.norm(points, axis=1, keepdims=True)
