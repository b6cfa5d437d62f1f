"""기준 자신을 긍정으로도 셈"""
def count_triplets(D, labels, margin):
    same = labels[:, None] == labels[None, :]
    valid = same[:, :, None] & ~same[:, None, :]
    hard = valid & (D[:, None, :] <= D[:, :, None])
    easy = valid & (D[:, None, :] >= D[:, :, None] + margin)
    return int(easy.sum()), int((valid & ~hard & ~easy).sum()), int(hard.sum())
