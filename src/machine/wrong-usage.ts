/** Called in a way that makes no sense: an argument that is none. Not the recipe's fault, nor the machine's. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}
