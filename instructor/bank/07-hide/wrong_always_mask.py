"""고른 토큰을 모두 [MASK]로 바꿈"""
def hide(tokens, chance, fate, any_token, share):
    chosen = (chance < share) & (tokens > 4)
    return np.where(chosen, 4, tokens), chosen
