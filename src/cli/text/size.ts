/** Sizes, counts and times in words, for whoever writes lines; pictures say them the same way. */
export { showCount, showNumber, showSize, showTime } from "../../draw/sizes.ts";
