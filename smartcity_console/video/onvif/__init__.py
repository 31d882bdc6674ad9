"""ONVIF cameras: finding them, what they offer, turning them. The one room that speaks SOAP.

The library costs a second and 40 MB to load, so only who has such a camera imports the modules below.
"""
