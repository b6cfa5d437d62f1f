"""[PAD] 자리에서 아주 큰 수를 뺌"""
def max_pooling(hidden, mask):
    return (hidden - 1e9 * (1 - np.expand_dims(mask, -1))).max(1)
