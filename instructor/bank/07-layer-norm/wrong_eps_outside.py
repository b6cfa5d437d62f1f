"""eps를 제곱근 밖에서 표준편차에 더함"""
def layer_norm(x, gain, bias, eps):
    return (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + eps) * gain + bias
