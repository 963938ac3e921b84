package io.drover.hostagent.vm;

/** A VM as the catalogue knows it. */
public record VmRecord(VmSpec spec, VmPlacement placement) {}
