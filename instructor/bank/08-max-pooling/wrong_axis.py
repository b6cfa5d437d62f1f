"""토큰 축이 아니라 차원 축에서 가장 큰 값을 고름"""
def max_pooling(hidden, mask):
    return np.where(mask[:, :, None] == 1, hidden, -np.inf).max(axis=2)
