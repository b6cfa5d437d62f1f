"""가장 큰 값이 아니라 평균을 구함"""
def max_pooling(hidden, mask):
    keep = mask[:, :, None]
    return (hidden * keep).sum(axis=1) / keep.sum(axis=1)
