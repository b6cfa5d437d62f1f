"""마스크를 쓰지 않음"""
def max_pooling(hidden, mask):
    return hidden.max(axis=1)
