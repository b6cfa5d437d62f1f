"""계수 행렬 (K, 2)와 점 행렬 (2, d)의 곱"""
def lerp(a, b, t):
    weights = np.column_stack([1 - np.asarray(t), t])
    return weights @ np.stack([a, b])
