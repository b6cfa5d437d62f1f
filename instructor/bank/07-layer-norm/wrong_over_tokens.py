"""토큰마다가 아니라 칸마다(토큰 방향으로) 평균과 분산을 구함(배치 정규화)"""
def layer_norm(x, gain, bias, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) * gain + bias
