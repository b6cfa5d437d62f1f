"""길이로 나누지 않고 내적을 코사인으로 씀"""
def triplet_losses(anchors, positives, negatives, margin):
    return np.maximum(0, (1 - (anchors * positives).sum(axis=1)) - (1 - (anchors * negatives).sum(axis=1)) + margin)
