"""einsum과 clip으로"""
def triplet_losses(anchors, positives, negatives, margin):
    def cosine(x, y):
        return np.einsum("bd,bd->b", x, y) / np.sqrt(np.einsum("bd,bd->b", x, x) * np.einsum("bd,bd->b", y, y))

    return np.clip((1 - cosine(anchors, positives)) - (1 - cosine(anchors, negatives)) + margin, 0, None)
