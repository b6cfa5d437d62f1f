"""코사인 거리가 아니라 유클리드 거리를 씀"""
def triplet_losses(anchors, positives, negatives, margin):
    return np.maximum(0, np.linalg.norm(anchors - positives, axis=1) - np.linalg.norm(anchors - negatives, axis=1) + margin)
