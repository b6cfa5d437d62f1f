"""삼중항마다 반복문으로"""
def triplet_losses(anchors, positives, negatives, margin):
    losses = []
    for a, p, n in zip(anchors, positives, negatives):
        cos_p = a @ p / (np.linalg.norm(a) * np.linalg.norm(p))
        cos_n = a @ n / (np.linalg.norm(a) * np.linalg.norm(n))
        losses.append(max(0.0, cos_n - cos_p + margin))
    return np.array(losses)
