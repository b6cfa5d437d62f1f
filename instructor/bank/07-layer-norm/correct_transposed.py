"""전치해서 열 방향으로 계산한 뒤 되돌림"""
def layer_norm(x, gain, bias, eps):
    columns = x.T
    scaled = (columns - columns.mean(axis=0)) / np.sqrt(columns.var(axis=0) + eps)
    return scaled.T * gain + bias
