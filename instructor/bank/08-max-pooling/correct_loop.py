"""문장마다 진짜 토큰만 골라서"""
def max_pooling(hidden, mask):
    return np.array([vectors[np.array(keep) == 1].max(axis=0) for vectors, keep in zip(hidden, mask)])
