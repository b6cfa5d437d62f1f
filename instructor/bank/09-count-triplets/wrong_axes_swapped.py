"""D[:, None, :]을 긍정까지의 거리로, D[:, :, None]을 부정까지의 거리로 바꾸어 씀"""
def count_triplets(D, labels, margin):
    same = labels[:, None] == labels[None, :]
    valid = (same & ~np.eye(len(labels), dtype=bool))[:, :, None] & ~same[:, None, :]
    to_positive, to_negative = D[:, None, :], D[:, :, None]
    hard = valid & (to_negative <= to_positive)
    easy = valid & (to_negative >= to_positive + margin)
    return int(easy.sum()), int((valid & ~hard & ~easy).sum()), int(hard.sum())
