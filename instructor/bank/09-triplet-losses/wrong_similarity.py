"""거리 대신 유사도를 넣음: 부호가 뒤집힘"""
def triplet_losses(anchors, positives, negatives, margin):
    a, p, n = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (anchors, positives, negatives))
    return np.maximum(0, (a * p).sum(axis=1) - (a * n).sum(axis=1) + margin)
