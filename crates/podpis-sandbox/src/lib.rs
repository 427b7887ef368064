//! Both Kontur services emulated: signs for real, loses answers on demand
