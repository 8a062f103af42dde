/** An image's id, in Outscale's own words that of an OMI. */
export const imageId = /^ami-[0-9a-f]{8}$/;
